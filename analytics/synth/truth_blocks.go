package synth

// RhythmTruth is the planted change of pauses between orders.
type RhythmTruth struct {
	// Drifts: customers of Segment (attribute interest = Interest) order at a rate that falls evenly, on the log scale, from 1 after a fifth of the audited period to Factor after
	// three fifths of it; nobody else's does.
	Drifts []DriftTruth `json:"drifts"`
	// Classes of customers by how they order, all with the same spread of mean gaps: irregular (Poisson), regular (hardly before half of the own mean gap, soon after it),
	// payday (around the 10th and 25th). A third of the buyers each.
	Classes []string `json:"classes"`
}

// DriftTruth is one group whose pauses lengthen.
type DriftTruth struct {
	Segment  string  `json:"segment_id"`
	Interest string  `json:"interest"`
	Factor   float64 `json:"order_rate_factor_end"`
}

// BasketTruth is what is planted among products bought together or one after another.
type BasketTruth struct {
	Pairs []ProductPair `json:"pairs"` // one order: with First it holds Then with Chance
	// Sequences: the next order within Days after one with First holds Then with Chance.
	Sequences []ProductPair `json:"sequences"`
	// PlainOnly are pairs bought independently whose plain lift is above 1 through big baskets only: adjusted for the size of the basket it is 1.
	PlainOnly []ProductPair `json:"plain_lift_only"`
	// BigBaskets counts the customers who buy 8 to 14 products at once.
	BigBaskets int64 `json:"big_basket_customers"`
	// NoCategory are products without a category; all other pairs of one category are bought together twice as often as chance has it, because customers prefer a category.
	NoCategory []string `json:"products_without_category"`
	// Returns: lines that came back, and what was paid for them (currency units); OrphanLines: order lines of orders and customers that nobody knows.
	Returns     int64   `json:"returned_lines"`
	Returned    float64 `json:"returned_amount"`
	OrphanLines int64   `json:"orphan_lines"`
}

// ProductPair is a planted pair of products.
type ProductPair struct {
	First  string  `json:"first"`
	Then   string  `json:"then"`
	Chance float64 `json:"chance"`
	Days   int     `json:"within_days,omitempty"`
}

// ContentTruth is what is planted among the templates.
type ContentTruth struct {
	// Stale were last changed more than 540 days before the end and are still sent; all others less than 160 days before it.
	Stale []string `json:"stale"`
	// Identical are sets of templates with one text (and one content_hash) under several ids.
	Identical [][]string `json:"identical"`
	// Reused are templates that scenarios of several roles send.
	Reused []ReusedTruth `json:"reused"`
	// WearOut: the response falls by LogOdds over the audited period, that of the other triggered letters of the channel does not.
	WearOut []WearTruth `json:"wear_out"`
	// ChannelOnly: the response falls because that of the whole channel does (Series.Shift), not the template's own.
	ChannelOnly []WearTruth `json:"channel_only"`
	// ScenarioDecline: templates of a scenario whose clicks after an open all fall together (Series.Decline): calling them worn out is no false alarm.
	ScenarioDecline []WearTruth `json:"scenario_decline"`
}

// ReusedTruth is a template sent in several roles.
type ReusedTruth struct {
	Template  string   `json:"template_id"`
	Scenarios []string `json:"scenarios"`
	Roles     []string `json:"roles"`
}

// WearTruth is a template whose response falls.
type WearTruth struct {
	Template string  `json:"template_id"`
	Scenario string  `json:"scenario_id"`
	Channel  string  `json:"channel"`
	Metric   string  `json:"metric"` // opened (of the delivered), clicked (after an open)
	LogOdds  float64 `json:"log_odds"`
}

// PersonalizationTruth compares two levels within one scenario and channel. A lot of the customer and the week decides the level, except where Experiment names the assignment
// that does.
type PersonalizationTruth struct {
	Scenario   string  `json:"scenario_id"`
	Channel    string  `json:"channel"`
	Level      string  `json:"level"`
	Reference  string  `json:"reference"`
	Metric     string  `json:"metric"` // clicked, after an open
	Gain       float64 `json:"gain"`   // planted, in Unit; 0: exactly none
	Unit       string  `json:"unit"`   // log_odds or share
	Experiment string  `json:"experiment_id,omitempty"`
}

// PipelineTruth counts deals by how they stand at the end of the data.
type PipelineTruth struct {
	Deals int64 `json:"deals"`
	Won   int64 `json:"won"`
	Lost  int64 `json:"lost"`
	Stuck int64 `json:"stuck_over_30_days"` // by plan; slow deals that still move are not counted
	// StuckStage is where they stop; StuckShare is planted.
	StuckStage   string  `json:"stuck_stage,omitempty"`
	StuckShare   float64 `json:"stuck_share"`
	LossEmpty    int64   `json:"lost_without_reason"`
	StageRows    int64   `json:"open_stage_rows"` // rows of deals that are neither won nor lost
	NoNextStep   int64   `json:"open_stage_rows_without_next_step"`
	SlowOwner    string  `json:"slow_owner,omitempty"`
	SlowFactor   float64 `json:"slow_owner_factor,omitempty"`
	Tasks        int64   `json:"tasks"`
	TasksOverdue int64   `json:"tasks_overdue"` // done after they were due, or due and not done at the end
	// Owners with deals, by name. All but the slow one are alike; two have hardly any deals.
	Owners map[string]int64 `json:"deals_by_owner"`
}

// HealthTruth counts spoiled contacts.
type HealthTruth struct {
	FuzzyDuplicates int64 `json:"fuzzy_duplicates"`
	Fillers         int64 `json:"fillers"` // phones
	HostileNames    int64 `json:"hostile_names"`
	Aliases         int64 `json:"aliases"`
	NearMisses      int64 `json:"near_misses"`
	NoPhone         int64 `json:"customers_without_phone"`
	NoEmail         int64 `json:"customers_without_email"`
	InvalidEmails   int64 `json:"invalid_emails"`
	NoGender        int64 `json:"customers_without_gender"` // the optional field that is mostly empty
	FutureBirthdays int64 `json:"birthdays_in_the_future"`
	// Inactive counts customers without any event, open or click in the last 365 days of the data, registered before them; Known all who were.
	Inactive int64 `json:"inactive_365_days"`
	Known    int64 `json:"known_365_days"`
	// EmailSent and EmailBounced count e-mails.
	EmailSent    int64 `json:"email_sent"`
	EmailBounced int64 `json:"email_bounced"`
	// Pairs of customers: duplicates and those who only look like it; left out above 200,000 customers.
	Pairs []ContactPair `json:"contact_pairs"`
}

// ContactPair is a pair of customers whose contacts look alike. Kind of a duplicate: same (phone and e-mail written otherwise), word_order, transliteration, email_case, typo_name, typo_phone, kazakh,
// legal_form, email_only; of somebody else: family (one phone, one surname), namesake (one name), branch (one company, another city).
type ContactPair struct {
	A         string `json:"a"`
	B         string `json:"b"`
	Kind      string `json:"kind"`
	Duplicate bool   `json:"duplicate"`
}

// IntegrationTruth is what is planted in the feeds. Days are those of the business zone.
type IntegrationTruth struct {
	Silent  []FeedTruth `json:"silent"`  // no event of the source from From until before To
	Twice   []FeedTruth `json:"twice"`   // the source's sessions, views and carts of the day came twice, under new event ids, six hours later
	Latency []FeedTruth `json:"latency"` // from From on the source's events are received 6 to 12 hours after they happened, else within a minute
	// NoStatus: sends of a channel without delivery, bounce and click.
	NoStatus []NoStatusTruth `json:"no_status"`
	// OrphanClicks are rows of message_events that match no send; OrphanLines see BasketTruth.
	OrphanClicks int64 `json:"orphan_clicks"`
	OrphanLines  int64 `json:"orphan_lines"`
}

// FeedTruth is a fault of one source of events.
type FeedTruth struct {
	Source string `json:"source"`
	From   string `json:"from"`
	To     string `json:"to,omitempty"`
	Rows   int64  `json:"rows"` // missing, or delivered twice, or late
}

// NoStatusTruth counts sends of one channel.
type NoStatusTruth struct {
	Channel string  `json:"channel"`
	Sent    int64   `json:"sent"`
	Without int64   `json:"without_status"`
	Share   float64 `json:"share_planted"`
}

// UsageTruth is who uses the CRM.
type UsageTruth struct {
	Owners []string `json:"owners"`      // of customers, deals and tasks
	Idle   []string `json:"idle_owners"` // of customers only: no deal, no task
}
