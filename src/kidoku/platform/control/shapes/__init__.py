"""What the control API takes and gives: the source of its checks and of its OpenAPI document."""
