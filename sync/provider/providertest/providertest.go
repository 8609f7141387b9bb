// Package providertest is the conformance suite of package provider: named checks that every service passes, run against
// a stand-in or a real server. A bug found in one service becomes a check for all of them.
package providertest

import (
	"testing"

	"zohosync/sync/provider"
	"zohosync/sync/record"
)

// Setup gives the suite one collection of one kind. The collection may hold other items, which are left alone, but
// nobody else may change it meanwhile.
type Setup struct {
	Kind record.Kind

	// Open opens the collection as a program does that has just started: every call gives the same collection through
	// new objects, which share no memory with those of earlier calls.
	Open func(t testing.TB, fields []record.Field) provider.Collection

	// Provider returns the account of the collection. Without it MakeCollection and MissingCollectionIsGone are skipped.
	Provider func(t testing.TB) provider.Provider

	// Outside returns another person or program that works on the collection. nil: a second client, opened by Open.
	Outside func(t testing.TB) Editor

	// Adorn gives an item content that no field maps: an X- line, a second alarm, a custom field. Extra reads all such
	// content, in the same spelling every time. Without them UnmappedContentSurvives is skipped.
	Adorn func(t testing.TB, id record.ID)
	Extra func(t testing.TB, id record.ID) string

	// Series makes a series past the code under test: r, whose time is in UTC, and one more on each of the following days,
	// n in all. The function that it returns deletes the series as a whole. nil: the service holds no series, and their
	// checks are skipped.
	Series func(t testing.TB, r record.Record, n int) (remove func())

	// Tick lets as much time pass on the service's clock as it needs to tell two changes apart and to list them.
	Tick func()

	// Values replaces the values that a field is tried with: names of accounts that the CRM knows, say. An empty list
	// leaves the field out.
	Values map[record.Field][]string

	// Spoils names values that the server itself is known to spoil, whoever sends them; the suite does not try those.
	// Whoever sets it says which fault of which server it is.
	Spoils func(f record.Field, v string) bool

	Can Can
}

// Can says what the service is able to do. The zero Can asks only what the contract always asks.
type Can struct {
	Marks   bool // items hold what they say of their partner
	Keys    bool // the same Key (and Mark) never makes two items
	Make    bool // collections can be made; otherwise Make answers ErrReadOnly
	Restore bool // a Restore brings back what was deleted
	Repeats bool // a delta may list recent items again, with the revision they had
	Many    int  // so many items do not fit on one page; 0: pages are never told apart
	Idle    int  // most requests of a delta without news; 0: not counted
}

// Editor is a person or a program that works on the collection past the code under test.
type Editor interface {
	Put(t testing.TB, r record.Record) record.ID
	Edit(t testing.TB, id record.ID, p record.Patch)
	Delete(t testing.TB, id record.ID)
}

// Run runs every check as a subtest of its name.
func Run(t *testing.T, setup Setup) {
	for _, c := range checks() {
		t.Run(c.name, func(t *testing.T) { c.try(t, setup) })
	}
}

type check struct {
	name string
	run  func(*suite)
}

// try runs one check, and tidies up after it while the context of the test still lives.
func (c check) try(t testing.TB, setup Setup) {
	t.Helper()
	s := newSuite(t, setup)
	defer s.tidy()
	c.run(s)
}

func checks() []check {
	return []check{
		{"CreateIsListed", createIsListed},
		{"OnlyGivenFieldsAreListed", onlyGivenFieldsAreListed},
		{"CreateTwiceSameKeyMakesOne", createTwiceSameKeyMakesOne},
		{"MarkIsKept", markIsKept},
		{"EveryFieldRoundTrips", everyFieldRoundTrips},
		{"RareValuesRoundTripOrAreRefused", rareValues},
		{"TooLongIsToldNotCut", tooLongIsToldNotCut},
		{"MandatoryIsRefused", mandatoryIsRefused},
		{"PatchKeepsTheRest", patchKeepsTheRest},
		{"ClearField", clearField},
		{"UnmappedContentSurvives", unmappedContentSurvives},
		{"StaleRevisionConflicts", staleRevisionConflicts},
		{"StaleButOtherFieldGoesOn", staleButOtherFieldGoesOn},
		{"AnyRevisionWillDo", anyRevisionWillDo},
		{"UpdateMissingIsNotFound", updateMissingIsNotFound},
		{"DeleteTwice", deleteTwice},
		{"DeleteStaleConflicts", deleteStaleConflicts},
		{"RestoreBringsBack", restoreBringsBack},
		{"RestorePutsBackWhatLives", restorePutsBackWhatLives},
		{"RestoreOfChangedConflicts", restoreOfChangedConflicts},
		{"RestoreTwiceMakesOne", restoreTwiceMakesOne},
		{"FullListingIsMarkedFull", fullListingIsMarkedFull},
		{"PagesAreComplete", pagesAreComplete},
		{"DeltaListsOnlyChanges", deltaListsOnlyChanges},
		{"DeltaEmptyIsCheap", deltaEmptyIsCheap},
		{"DeletionIsListed", deletionIsListed},
		{"MadeAndDeletedIsListed", madeAndDeletedIsListed},
		{"CursorExpires", cursorExpires},
		{"RevisionStable", revisionStable},
		{"RevisionMoves", revisionMoves},
		{"SeriesIsListedWhole", seriesIsListedWhole},
		{"ChangingOneLeavesItsSiblings", changingOneLeavesItsSiblings},
		{"DeletingOneLeavesItsSiblings", deletingOneLeavesItsSiblings},
		{"SiblingsDoNotConflict", siblingsDoNotConflict},
		{"WritesOfOneGroup", writesOfOneGroup},
		{"SliceIsHonoured", sliceIsHonoured},
		{"WindowGrows", windowGrows},
		{"SeriesDeletedIsListed", seriesDeletedIsListed},
		{"OneBadWriteDoesNotStopTheRest", oneBadWriteDoesNotStopTheRest},
		{"BeforeComesBeforeTheWrite", beforeComesBeforeTheWrite},
		{"SinkErrorStops", sinkErrorStops},
		{"CancelledContextSendsNothing", cancelledContextSendsNothing},
		{"CancelMidwayIsTruthful", cancelMidwayIsTruthful},
		{"MakeCollection", makeCollection},
		{"MissingCollectionIsGone", missingCollectionIsGone},
	}
}
