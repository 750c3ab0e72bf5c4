{{ .Values.plain }} {{- .Values.trimmed -}} {{$.Values.tight}}
{{ index .Values "with-dash" "key" }} {{ index .Values.list 0 }} {{ (index .Values "sub").field }}
{{ get .Values.map "name" }} {{ if hasKey .Values.keyed "there" }}{{ end }}
{{ dig "a" "b" "fallback" .Values.dug }} {{ dig "a" 5 .Values.number }}
{{ $server := .Values.server }}{{ $server.port }}
{{ .Values.quoted | quote }} {{ printf "%s }} %d" .Values.printed 3 }} {{ `{{ .Values.raw }}` }}
{{ .root.Values.carried }} {{ $ctx.Values.also }} {{ 'x' }} {{ 1.5 }}
{{ .Values.größe }} {{ (.Values.parens).more }}
{{ not closed .Values.lost
