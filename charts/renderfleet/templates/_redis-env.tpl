{{- /* Environment variables that connect the queue service to the chart's Redis or to externalRedis. */ -}}
{{- define "renderfleet.queue.redisEnv" -}}
{{- if .Values.redis.enabled -}}
- { name: REDIS_HOST, value: {{ include "renderfleet.fullname" . }}-redis }
- { name: REDIS_PORT, value: '6379' }
- name: REDIS_PASSWORD
  valueFrom: { secretKeyRef: { name: {{ include "renderfleet.redis.secret" . }}, key: {{ .Values.redis.auth.key }} } }
{{- else -}}
{{- $redis := .Values.externalRedis -}}
{{- if eq $redis.mode "sentinel" -}}
- { name: REDIS_SENTINELS, value: {{ join "," $redis.nodes | quote }} }
- { name: REDIS_SENTINEL_NAME, value: {{ $redis.masterName | quote }} }
{{- else if eq $redis.mode "cluster" -}}
- { name: REDIS_CLUSTER_NODES, value: {{ join "," $redis.nodes | quote }} }
{{- else -}}
- { name: REDIS_HOST, value: {{ $redis.host | quote }} }
- { name: REDIS_PORT, value: {{ $redis.port | quote }} }
{{- end }}
{{- if and $redis.database (ne $redis.mode "cluster") }}
- { name: REDIS_DATABASE, value: {{ $redis.database | quote }} }
{{- end }}
{{- if $redis.existingSecret }}
{{- range $variable, $key := dict "REDIS_USERNAME" $redis.usernameKey "REDIS_PASSWORD" $redis.passwordKey "REDIS_SENTINEL_PASSWORD" $redis.sentinelPasswordKey }}
{{- if $key }}
- name: {{ $variable }}
  valueFrom: { secretKeyRef: { name: {{ $redis.existingSecret }}, key: {{ $key }}, optional: {{ eq $variable "REDIS_USERNAME" }} } }
{{- end }}
{{- end }}
{{- end }}
{{- if $redis.tls.enabled }}
- { name: REDIS_TLS, value: 'true' }
{{- if $redis.tls.existingSecret }}
- { name: REDIS_TLS_CA_FILE, value: {{ printf "/etc/renderfleet/redis-tls/%s" $redis.tls.caKey }} }
{{- end }}
{{- end }}
{{- end -}}
{{- end -}}
