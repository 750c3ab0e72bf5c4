variable "name" {
  type = string
}

variable "namespace" {
  type = string
}

variable "labels" {
  type = map(string)
}

variable "replicas" {
  type    = number
  default = 1
}

variable "image" {
  type = string
}

variable "environment" {
  type    = map(string)
  default = {}
}

variable "memory" {
  type    = string
  default = "256Mi"
}
