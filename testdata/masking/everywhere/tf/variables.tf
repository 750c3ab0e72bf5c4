variable "policy" {
  default   = "gone-Policy1"
  sensitive = true
}
variable "from_file" {
  sensitive = true
}
variable "gonesuffix" {
  default   = "gone-Suffix2"
  sensitive = true
}
