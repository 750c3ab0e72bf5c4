{{ include "shop.name" . }} {{ template "shop.other" (dict "context" $ "values" .Values.given) }}
{{ include (print $.Template.BasePath "/config.yaml") . | sha256sum }}
{{ include (printf "shop.%s" .Values.kind) . }}
{{ tpl (.Files.Get "extra.yaml") . }}
{{ tpl "{{ .Values.inner.text }}" $ }}
