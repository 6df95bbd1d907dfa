"""What changes outreach: campaigns, plans, reservations under the leash, deliveries."""
