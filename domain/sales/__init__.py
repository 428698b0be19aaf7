"""What the company sells: invoices and the credit notes on them."""
