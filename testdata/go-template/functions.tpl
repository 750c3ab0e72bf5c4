{{- /* What functions make of values and of the dot. */ -}}
{{ (.Values.grouped).inner }}
{{ dig "outer" "inner" "none" .Values.digged }}
{{ dig "first" "second" "none" (.Values | merge (dict)) }}
{{ get .Values.got "key" }}
{{ index .Values.indexed "a" "b" }}
{{ .Values.whole | toYaml }}
{{ with .Values.scoped }}{{ .inside }}{{ $.Values.outside }}{{ end }}
{{ range $name, $item := .Values.ranged }}{{ $item.field }}{{ end }}
{{ $var := .Values.kept }}{{ $var.deep.er }}
{{ hasKey .Values.asked "flag" }}
{{ include "own.helper" (dict "part" .Values.passed "root" $) }}
{{ tpl .Values.rendered . }}
{{ .Subcharts.child.Values.lent }}
{{ .Values.AsMap }}
