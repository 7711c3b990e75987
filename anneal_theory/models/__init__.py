"""What is known of a model of training: its generated rates in compiled form."""
