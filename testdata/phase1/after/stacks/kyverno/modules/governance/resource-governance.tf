variable "tier" {
  type = string
}

# Each namespace of the cluster tier gets a LimitRange of its own.
resource "kubectl_manifest" "tier_defaults" {
  yaml_body = yamlencode({
    apiVersion = "kyverno.io/v1"
    kind       = "ClusterPolicy"
    metadata = {
      name = "tier-defaults"
    }
    spec = {
      rules = [{
        name = "limit-range-${var.tier}"
        match = {
          any = [{
            resources = {
              kinds = ["Namespace"]
              selector = {
                matchLabels = {
                  tier = var.tier
                }
              }
            }
          }]
        }
        generate = {
          apiVersion  = "v1"
          kind        = "LimitRange"
          name        = "tier-defaults"
          namespace   = "{{request.object.metadata.name}}"
          synchronize = true
          data = {
            spec = {
              limits = [{
                type = "Container"
                default = {
                  memory = "256Mi"
                }
                defaultRequest = {
                  cpu    = "100m"
                  memory = "256Mi"
                }
                max = {
                  memory = "8Gi"
                }
              }]
            }
          }
        }
      }]
    }
  })
}
