resource "kubernetes_pod_disruption_budget_v1" "tabs" {
	metadata {
		name      = "tabs"
		namespace = "größe"
	}
	spec {
		max_unavailable = "0"
		selector {
			match_labels = { app = "tabs" }
		}
	}
}

/* a block comment: resource "x" { */ // and another
# {{ not a template }}
resource "kubernetes_config_map" "heredocs" {
  metadata { name = "heredocs" }
  data = {
    empty = <<EOT
EOT
    text  = <<-EOT
      tabs	and ${"inter"}polation %{ if true }yes%{ endif }
    EOT
  }
}
