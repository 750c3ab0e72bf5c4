resource "kubernetes_namespace_v1" "auth" {
  metadata {
    name   = "auth"
    labels = { "keel.sh/policy" = "all" }
  }
}
