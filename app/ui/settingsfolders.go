package ui

import (
	"context"

	"zohosync/sync/provider"
	"zohosync/sync/record"
	"zohosync/sync/state"
)

// folders are those of one account, once they have been listed.
type folders struct {
	reading bool
	infos   []provider.Info
	err     error
}

// sampleOf names a look into a folder.
type sampleOf struct {
	account, ref string
	kind         record.Kind
}

// sampled is what such a look has found.
type sampled struct {
	reading bool
	sample  Sample
	err     error
}

// foldersOf lists the folders of an account: a request, made once.
func (s *settings) foldersOf(account string) *folders {
	if f := s.folders[account]; f != nil {
		return f
	}
	f := &folders{reading: true}
	s.folders[account] = f
	s.run(func(ctx context.Context, tell func(func())) {
		infos, err := s.program.Folders(ctx, account)
		tell(func() {
			f.reading, f.infos, f.err = false, infos, err
			s.news()
		})
	})
	return f
}

// sample looks into a folder: a request, made once.
func (s *settings) sample(e state.End, k record.Kind) *sampled {
	key := sampleOf{e.Account, e.Ref, k}
	if l := s.samples[key]; l != nil {
		return l
	}
	l := &sampled{reading: true}
	s.samples[key] = l
	s.run(func(ctx context.Context, tell func(func())) {
		sample, err := s.program.Look(ctx, e.Account, e.Ref, k)
		tell(func() {
			l.reading, l.sample, l.err = false, sample, err
			s.news()
		})
	})
	return l
}

// news shows what has been found out meanwhile: in the question in front, else on the page.
func (s *settings) news() {
	switch {
	case s.heard != nil:
		s.heard()
	case len(s.life.scopes) == 1:
		s.redraw()
	}
}

// forget has what could not be read asked for once more.
func (s *settings) forget() {
	for account, f := range s.folders {
		if f.err != nil {
			delete(s.folders, account)
		}
	}
	for key, l := range s.samples {
		if l.err != nil {
			delete(s.samples, key)
		}
	}
}

// known tells what is known of a folder without asking for it.
func (s *settings) known(e state.End) (provider.Info, bool) {
	if f := s.folders[e.Account]; f != nil {
		for _, info := range f.infos {
			if info.Ref == e.Ref {
				return info, true
			}
		}
	}
	return provider.Info{}, false
}
