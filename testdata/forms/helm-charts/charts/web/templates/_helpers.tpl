{{- define "web.labels" -}}
app: {{ .Release.Name }}
team: {{ .Values.team | default "nobody" }}
{{- end }}
