package sandbox

// Invented names. Any likeness is chance; addresses stand under domains that nobody can own.

func firstNames() []string {
	return []string{
		"Zoë", "Łukasz", "Renée", "José", "Søren", "Ayşe", "Đorđe", "Mária", "Hana", "Iñaki", "Jürgen", "Chloé", "Ólafur", "Ewa",
		"Mei", "Дарья", "Γιώργος", "美咲", "Nguyệt", "Siân", "Tomáš", "Birgit", "Kwame", "Farah", "Noor", "Aino", "Björn", "Inês",
		"Anna", "Peter", "Maria", "John", "Emma", "Paul", "Laura", "Martin",
	}
}

func lastNames() []string {
	return []string{
		"Müller-Quast", "Żeromska", "O’Larkin", "Núñez Prado", "Åkerlind", "Çelikay", "Šimčíková", "Brøndal", "Thorvaldsdóttir",
		"Van der Wiel", "Ivanova-Sokol", "Παπαλάμπρου", "田野川", "Trần-Lê", "Okonjaru", "El-Farouqi", "Lindqvist", "Marchetti",
		"Dubrovnik", "Hartwell", "Greenfell", "Smithson", "Fontainebrune", "Kowalkovsky", "Rosenbaumer", "Da Costinha", "Weissgerber",
	}
}

func companies() []string {
	return []string{
		"Northlight Engines", "Bäckerei Sonnenkorn", "Crème & Fils", "Ørsund Shipping", "Kestrel Optics", "Zielony Las", "Puente Verde",
		"Tesla-Free Motors", "Quill & Ink", "Fjordkraft Tools", "Blue Harbour Foods", "Atelier Mignonne", "Lumen Analytics", "Hoshizora Games",
		"Redwood Clinics", "Silverline Freight", "Papillon Textiles", "Granite Peak Legal", "Tidewater Farms", "Copper & Pine",
	}
}

func jobs() []string {
	return []string{"Buyer", "Head of Sales", "Geschäftsführerin", "CTO", "Directrice", "Engineer", "Assistant", "Founder"}
}

func departments() []string {
	return []string{"Sales", "Einkauf", "R&D", "Finance", "Logistics"}
}

func cities() [][3]string { // city, state, country
	return [][3]string{
		{"Köln", "Nordrhein-Westfalen", "Germany"}, {"São Paulo", "SP", "Brazil"}, {"Montréal", "Québec", "Canada"},
		{"Łódź", "", "Poland"}, {"Aarhus", "", "Denmark"}, {"Austin", "Texas", "United States"}, {"京都", "", "Japan"},
	}
}

func subjects() []string {
	return []string{
		"Call back", "Send offer", "Vertrag prüfen", "Préparer la démo", "Check invoice", "Update price list", "Plan visit",
		"Ask for feedback", "Enviar catálogo", "Renew contract; see notes, page 2",
	}
}

func meetings() []string {
	return []string{
		"Kick-off", "Quarterly review", "Besprechung Angebot", "Démo produit", "Lunch", "Site visit", "Planning, part 1", "Interview",
		"Negotiation", "Reunião mensal",
	}
}

func venues() []string {
	return []string{"Room 4", "Café Zentral, 1st floor", "https://meet.example.com/r/42", "Salle Élan", "Client’s office"}
}

func tagNames() []string { return []string{"vip", "newsletter", "partner", "été 2026", "follow-up"} }
