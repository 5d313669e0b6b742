"""What customers' own mails are about, as a model learns it from mails that people have named."""
