// How well texts fit what is searched for (docs/ranking.md): those of items, and those of transfers.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fundtrail/v1/search.pb.h"

namespace fundtrail::query {

using HitMatch = v1::SearchHit::Match;

// What is looked for, as it is compared.
struct Sought {
  std::string text;                // folded
  std::vector<std::string> words;  // of it, the longest first
  std::string initials;            // what may be the initials of a name; empty: nothing of it
};
Sought SoughtOf(const std::string& text);

// How the texts of one thing fit, as FitOfItem and FitOfTransfer say it, for many things one after another. The texts stand in `block` as
// SearchIndex has them: folded, each with a zero byte at its end; the id is of that length. None of those that end at `place` or before has
// all words.
HitMatch FitOfItemBlock(const Sought& sought, std::string_view block, std::size_t id_bytes,
                        std::size_t place);
HitMatch FitOfTransferBlock(const Sought& sought, std::string_view block, std::size_t place);

// How an item fits, and which of its ids in other registers does: its number among those that are shown, from 1; 0: none.
struct ItemFit {
  HitMatch match = v1::SearchHit::MATCH_UNSPECIFIED;
  std::size_t other = 0;
};
// The texts are folded, as SearchIndex has them: the id, the name, and for each id of another register that id and `SCHEME:ID`.
ItemFit FitOfItem(const Sought& sought, std::span<const std::string_view> texts);
// Reference, purpose, words for the project. Many payments have the same purpose: none is the one that is meant.
HitMatch FitOfTransfer(const Sought& sought, const std::vector<std::string_view>& texts);

}  // namespace fundtrail::query
