variable "name" {
  description = "Begins the name of everything that is made; the same as that of the functions."
  type        = string
  default     = "fanfare"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,26}[a-z0-9]$", var.name)) && !strcontains(var.name, "--")
    error_message = "name: 3 to 28 lower-case letters, digits and single hyphens, beginning with a letter."
  }
}

variable "region" {
  description = "AWS region; that of the credentials unless set."
  type        = string
  default     = null
}

variable "tags" {
  description = "Tags of everything that is made."
  type        = map(string)
  default     = {}
}

variable "zones" {
  description = "Letters of the availability zones: at least two, which Aurora asks for."
  type        = list(string)
  default     = ["a", "b"]

  validation {
    condition     = length(var.zones) >= 2 && length(var.zones) <= 6 && alltrue([for letter in var.zones : can(regex("^[a-f]$", letter))])
    error_message = "zones: two to six letters from a to f."
  }
}

variable "cidr" {
  description = "Addresses of the network, a /16 to /20."
  type        = string
  default     = "10.83.0.0/16"

  validation {
    condition     = can(cidrsubnet(var.cidr, 4, 15)) && try(tonumber(split("/", var.cidr)[1]) >= 16 && tonumber(split("/", var.cidr)[1]) <= 20, false)
    error_message = "cidr: a network from /16 to /20, such as 10.83.0.0/16."
  }
}

variable "egress" {
  description = "How functions leave the network: nat (steps reach the internet) or endpoints (AWS only). Prices in README.md."
  type        = string
  default     = "nat"

  validation {
    condition     = contains(["nat", "endpoints"], var.egress)
    error_message = "egress: nat or endpoints."
  }
}

variable "more_endpoints" {
  description = "More services to reach with egress = endpoints, such as ssm or elasticfilesystem."
  type        = list(string)
  default     = []
}

variable "engine_version" {
  description = "Version of Aurora PostgreSQL."
  type        = string
  default     = "17.5"

  validation {
    condition     = can(regex("^(14|15|16|17|18)\\.[0-9]+$", var.engine_version))
    error_message = "engine_version: 14 or newer, with its minor version, such as 17.5."
  }
}

variable "capacity" {
  description = "Aurora capacity units (2 GB of memory each), from and to."
  type = object({
    min = optional(number, 0.5)
    max = optional(number, 4)
  })
  default = {}

  validation {
    condition     = var.capacity.min >= 0.5 && var.capacity.max >= max(1, var.capacity.min) && var.capacity.max <= 256
    error_message = "capacity: min from 0.5, max from 1 to 256. A cluster with min 0 never sleeps here: the tick calls every minute."
  }
}

variable "instances" {
  description = "Instances of the cluster: 2 survive the loss of a zone, at twice the price."
  type        = number
  default     = 1

  validation {
    condition     = var.instances >= 1 && var.instances <= 3
    error_message = "instances: 1 to 3."
  }
}

variable "backup_days" {
  description = "Days that backups are kept."
  type        = number
  default     = 7

  validation {
    condition     = var.backup_days >= 1 && var.backup_days <= 35
    error_message = "backup_days: 1 to 35."
  }
}

variable "deletion_protection" {
  description = "Whether AWS refuses to remove the cluster."
  type        = bool
  default     = true
}

variable "skip_final_snapshot" {
  description = "Whether the cluster goes without a last snapshot when it is removed."
  type        = bool
  default     = false
}
