resource "null_resource" "app_${var.name}" {
}

locals {
  one = 1
  two = 2
  one = 3
}
