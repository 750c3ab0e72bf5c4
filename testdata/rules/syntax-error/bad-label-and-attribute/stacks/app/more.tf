data "null_data_source" "é_${var.name}" {}
