resource "kubernetes_deployment" "app" {
  metadata {
    name      = "app"
    namespace = file(var.from_file)
    labels    = { v = "${var.gonesuffix}!" }
  }
  spec {
    selector { match_labels = { app = "app" } }
    template {
      metadata { labels = { app = "app" } }
      spec {
        container {
          name              = "app-${var.from_file}"
          image             = "registry/app:${var.policy}"
          image_pull_policy = var.policy
          resources { limits = { memory = "${var.gonesuffix}b" } }
        }
      }
    }
  }
}
resource "kubernetes_config_map" "each" {
  for_each = toset([var.from_file])
  metadata {
    name      = each.key
    namespace = "app"
  }
  data = { x = "1", x = "2" }
}
resource "null_resource" "provision" {
  triggers = { db_password = "gone-Old4" }
  provisioner "local-exec" {
    command = <<-SH
      kubectl apply -f - <<'END'
      kind: Secret
      apiVersion: v1
      metadata: {name: a, namespace: b}
      stringData:
        db_password: gone-New5
      END
    SH
  }
}
resource "helm_release" "chart" {
  name    = "chart"
  chart   = "https://u:gone-Url6@example.org/chart.tgz"
  version = ">1"
}
module "m" {
  source = "git::https://u:gone-Url7@example.org/x.git"
}
