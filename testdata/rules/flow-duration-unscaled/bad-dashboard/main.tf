resource "kubernetes_config_map_v1" "dashboard" {
  metadata {
    name = "dashboard"
  }
  data = {
    "flows.json" = <<-JSON
      {
        "panels": [
          { "targets": [{ "expr": "histogram_quantile(0.9, authentik_flow_execution_duration_bucket{flow=\"a\"})" }] },
          { "targets": [{ "expr": "authentik_flow_execution_duration_sum / 1e9" }] }
        ]
      }
    JSON
  }
}
