{{- /* How the queue service reaches Redis. */ -}}
{{- define "renderfleet.queue.redisEnv" -}}
{{- if .Values.redis.enabled -}}
- { name: REDIS_HOST, value: {{ include "renderfleet.fullname" . }}-redis }
- { name: REDIS_PORT, value: '6379' }
- name: REDIS_PASSWORD
  valueFrom: { secretKeyRef: { name: {{ include "renderfleet.redis.secret" . }}, key: {{ .Values.redis.auth.key }} } }
{{- end -}}
{{- end -}}
