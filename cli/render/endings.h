// What stands below an answer: how many lines a list shows, how to have the rest, and as of when it holds.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "cli/render/style.h"
#include "fundtrail/v1/checkpoint.pb.h"

namespace fundtrail::render {

inline Shown AsOf(const v1::CheckpointRef& checkpoint, const Style& style) {
  return Toned(style, Tone::kDim, Say("As of {}, {} records.", checkpoint.ledger(), checkpoint.size())) +
         "\n";
}

// What a list has lines of, in words of this program.
struct Noun {
  std::string_view one, many;
};

// How many lines of a list are shown, and of how many.
struct ListCount {
  std::uint64_t shown = 0;
  std::optional<std::uint64_t> in_all = {};  // where the answer says it
  Shown rest = {};                           // how to have those that are not shown; empty when none follow
  bool continued = false;                    // the list began after a page token: others come before it
};

// "12 parties.", "20 of 1,383 payments shown; --after 7.1 for more, --limit 0 for all."; and where nobody counted all, "The first 20
// payments; more follow: …". A list of nothing has no such line.
Shown CountText(const Noun& of, const ListCount& count);

// How to have what follows after a page token: the options to give again, with `with`. Empty without a token.
Shown RestAfter(const std::string& next, const Shown& with = "");
// How to have what an answer left out by its `--top`. Empty when it left out nothing.
Shown RestOfTop(bool left_out);

// Of an answer in pages: its own token, and its own count where it says one.
template <typename Answer>
Shown CountOf(const Noun& of, int shown, const Answer& answer, bool continued, const Shown& with = "") {
  ListCount count{static_cast<std::uint64_t>(shown), {}, RestAfter(answer.next(), with), continued};
  if constexpr (requires { answer.in_all(); }) {
    if (answer.has_in_all()) count.in_all = answer.in_all();
  }
  return CountText(of, count);
}
// The same as of the record that the answer is of.
template <typename Answer>
Shown CountThen(const Noun& of, int shown, const Answer& answer, bool continued) {
  return CountOf(of, shown, answer, continued,
                 answer.has_as_of_record() ? Say(" --as-of {}", answer.as_of_record()) : Shown());
}

}  // namespace fundtrail::render
