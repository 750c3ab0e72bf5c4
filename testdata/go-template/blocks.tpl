{{- /* Comments name nothing: .Values.commented */ -}}
{{- define "shop.labels" -}}
team: {{ .Values.team }}
{{- end }}
{{- with .Values.budget }}
enabled: {{ .enabled }}
max: {{ .limits.max | default 1 }}
root: {{ $.Values.fromRoot }}
{{- else }}
other: {{ .Values.otherwise }}
{{- end }}
{{- with .Values.whole }}
{{ toYaml . }}
{{- end }}
{{- with (default .Values.a .Values.b) }}
{{ .name }}
{{- end }}
{{- if and .Values.asked.enabled (not .Values.asked.never) }}
{{- end }}
{{- if (include "shop.has" .Values.passed) }}{{ end }}
{{- range $key, $value := .Values.each }}
{{ $key }}: {{ $value.port }}
{{- end }}
{{- range .Values.items }}
- {{ .name }} {{ $.Values.deep.inside }}
{{- end }}
{{- if .Values.only }}
{{- else if .Values.then.this }}
{{- else with .Values.at.last }}{{ .x }}
{{- end }}
