"""What is booked of couriers: a wish that is carried out once, and taken back once, at one account."""
