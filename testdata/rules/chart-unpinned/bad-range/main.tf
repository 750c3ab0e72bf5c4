resource "helm_release" "a" {
  name       = "authentik"
  namespace  = "authentik"
  repository = "https://charts.example.org"
  chart      = "authentik"
  version    = "2026.2"
}
