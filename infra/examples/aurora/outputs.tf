output "database_url" {
  description = "Where the database is."
  value       = "postgresql://${aws_rds_cluster.fanfare.endpoint}:${aws_rds_cluster.fanfare.port}/${aws_rds_cluster.fanfare.database_name}?sslmode=require"
}

output "database_secret_arn" {
  description = "Secret with its user and password, made and rotated by RDS."
  value       = aws_rds_cluster.fanfare.master_user_secret[0].secret_arn
}

output "subnet_ids" {
  description = "Subnets for the functions."
  value       = [for subnet in aws_subnet.private : subnet.id]
}

output "security_group_ids" {
  description = "Security groups of the functions."
  value       = [aws_security_group.functions.id]
}

output "tfvars" {
  description = "All of that as variables of infra/."
  value       = <<-EOT
    database_url        = "postgresql://${aws_rds_cluster.fanfare.endpoint}:${aws_rds_cluster.fanfare.port}/${aws_rds_cluster.fanfare.database_name}?sslmode=require"
    database_secret_arn = "${aws_rds_cluster.fanfare.master_user_secret[0].secret_arn}"
    subnet_ids          = ${jsonencode([for subnet in aws_subnet.private : subnet.id])}
    security_group_ids  = ["${aws_security_group.functions.id}"]
  EOT
}
