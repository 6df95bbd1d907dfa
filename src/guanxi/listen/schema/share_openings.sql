-- By what an opening is recognised among those of a link that a hundred thousand people opened: its device, its network.
CREATE INDEX share_opening_of_device ON share_opening (token, device);
CREATE INDEX share_opening_of_net ON share_opening (token, net, opened_at) WHERE net IS NOT NULL;
