ALTER TABLE `message_logs` ADD `throttles` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `message_logs` ADD `first_delivery_id` integer;--> statement-breakpoint
ALTER TABLE `message_logs` ADD `warned` integer DEFAULT false NOT NULL;--> statement-breakpoint
UPDATE `message_logs` SET `first_delivery_id` = (SELECT min(`id`) FROM `message_deliveries` WHERE `log_id` = `message_logs`.`id`) WHERE `finished_at` IS NULL;
