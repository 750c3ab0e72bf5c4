resource "kubectl_manifest" "blueprints" {
  yaml_body = yamlencode({
    apiVersion = "v1"
    kind       = "ConfigMap"
    metadata   = { name = "blueprints", namespace = "authentik" }
    data = {
      "outposts.yaml" = yamlencode({
        version  = 1
        metadata = { name = "outposts" }
        entries = [
          {
            model       = "authentik_outposts.outpost"
            identifiers = { name = "Edge Proxy" }
            attrs = {
              type = "proxy"
              config = {
                kubernetes_json_patches = {
                  deployment = [
                    {
                      op   = "add"
                      path = "/spec/template/spec/volumes"
                      value = [
                        {
                          name = "dshm"
                          emptyDir = {
                            medium    = "Memory"
                            sizeLimit = "512Mi"
                          }
                        },
                      ]
                    },
                    {
                      op   = "add"
                      path = "/spec/template/spec/containers/0/volumeMounts"
                      value = [
                        {
                          name      = "dshm"
                          mountPath = "/dev/shm"
                        },
                      ]
                    },
                    {
                      op   = "add"
                      path = "/spec/template/spec/containers/0/resources"
                      value = {
                        requests = {
                          cpu    = "50m"
                          memory = "256Mi"
                        }
                        limits = {
                          memory = "1Gi"
                        }
                      }
                    },
                    {
                      op    = "add"
                      path  = "/spec/template/metadata/labels/example.com~1tier"
                      value = "edge"
                    },
                    {
                      op   = "add"
                      path = "/spec/template/spec/containers/-"
                      value = {
                        name  = "tidy"
                        image = "busybox:1.37.0"
                        command = [
                          "sh",
                          "-c",
                        ]
                        args = [
                          <<-EOT
                            set -eu
                            # Sessions are files; those that nobody used for an hour are no longer valid.
                            while true; do
                              find /dev/shm -maxdepth 1 -type f -name 'session_*' -mmin +60 -delete
                              sleep 3600
                            done
                          EOT
                        ]
                        resources = {
                          requests = {
                            cpu    = "10m"
                            memory = "16Mi"
                          }
                          limits = {
                            memory = "64Mi"
                          }
                        }
                        securityContext = {
                          runAsUser                = 1000
                          runAsNonRoot             = true
                          allowPrivilegeEscalation = false
                          readOnlyRootFilesystem   = true
                          capabilities = {
                            drop = [
                              "ALL",
                            ]
                          }
                        }
                        volumeMounts = [
                          {
                            name      = "dshm"
                            mountPath = "/dev/shm"
                          },
                        ]
                      }
                    },
                  ]
                }
              }
            }
          },
        ]
      })
    }
  })
}
