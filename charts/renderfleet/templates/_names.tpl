{{- define "renderfleet.fullname" -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else if contains $name .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- /* Labels that never change, for selectors. Call with (dict "root" $ "component" "queue"). */ -}}
{{- define "renderfleet.selector" -}}
app.kubernetes.io/name: {{ default .root.Chart.Name .root.Values.nameOverride }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end -}}

{{- define "renderfleet.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
app.kubernetes.io/part-of: renderfleet
{{ include "renderfleet.selector" . }}
{{- with .root.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- /* The metadata of an object: (dict "root" $ "component" "queue" "name" "…" "annotations" (dict …)). */ -}}
{{- define "renderfleet.metadata" -}}
name: {{ .name }}
{{- if not .clusterScoped }}
namespace: {{ .namespace | default .root.Release.Namespace }}
{{- end }}
labels:
  {{- include "renderfleet.labels" . | nindent 2 }}
{{- with mergeOverwrite (dict) .root.Values.commonAnnotations (default (dict) .annotations) }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{- define "renderfleet.operator.serviceAccount" -}}
{{- .Values.operator.serviceAccount.name | default (ternary (printf "%s-operator" (include "renderfleet.fullname" .)) "default" .Values.operator.serviceAccount.create) -}}
{{- end -}}

{{- define "renderfleet.redis.secret" -}}
{{- .Values.redis.auth.existingSecret | default (printf "%s-redis" (include "renderfleet.fullname" .)) -}}
{{- end -}}

{{- define "renderfleet.queue.url" -}}
http://{{ include "renderfleet.fullname" . }}-queue.{{ .Release.Namespace }}.svc:{{ .Values.queue.service.port }}
{{- end -}}

{{- /* Images are named by version or digest, which never change, so that pulling them at every start is useless. */ -}}
{{- define "renderfleet.kubeScore" -}}
kube-score/ignore: container-image-pull-policy
{{- end -}}
