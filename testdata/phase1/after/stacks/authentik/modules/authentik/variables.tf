variable "tier" {
  type = string
}

variable "domain" {
  type = string
}

variable "database_host" {
  type = string
}

variable "pgbouncer_image" {
  type = string
}

variable "pgbouncer_replicas" {
  type    = number
  default = 3
}

variable "postgres_password" {
  type      = string
  sensitive = true
}

variable "secret_key" {
  type      = string
  sensitive = true
}
