resource "authentik_outpost" "proxy" {
  name               = "proxy"
  protocol_providers = [1]
  config             = <<-EOT
    {
      "kubernetes_json_patches": {
        "deployment": [
          { "op": "replce", "path": "/spec/replicas", "value": 1 }
        ]
      }
    }
  EOT
}
