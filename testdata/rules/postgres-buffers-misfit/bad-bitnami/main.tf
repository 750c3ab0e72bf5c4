resource "helm_release" "postgresql" {
  name       = "postgresql"
  namespace  = "db"
  repository = "oci://registry-1.docker.io/bitnamicharts"
  chart      = "postgresql"
  version    = "16.7.0"
  values     = [file("${path.module}/values.yaml")]
}
