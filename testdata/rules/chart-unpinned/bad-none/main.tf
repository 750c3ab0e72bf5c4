resource "helm_release" "a" {
  name       = "traefik"
  namespace  = "traefik"
  repository = "https://charts.example.org"
  chart      = "traefik"
}
