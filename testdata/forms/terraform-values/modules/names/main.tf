variable "base" {}

output "full" {
  value = upper(replace(var.base, "ö", "oe")) == "x" ? "no" : format("%s-%s", "web", var.base)
}
