"""What the company sells: articles, quotes, orders, deliveries, invoices and credit notes."""
