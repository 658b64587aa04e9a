// What a client makes of an answer: that it can be true, or which words tell that it cannot.
#pragma once

#include <catch2/catch.hpp>
#include <string>

#include "cli/client/checks.h"
#include "tests/support/text.h"

namespace fundtrail::testing {

// `asked`: the request, and whatever else that check is given.
template <typename Answer, typename... Asked>
void CanBeTrue(const Answer& answer, const Asked&... asked) {
  const Status good = cli::CheckAnswer(answer, asked...);
  INFO(good);
  CHECK(good.ok());
}

template <typename Answer, typename... Asked>
void Untrue(const std::string& words, const Answer& answer, const Asked&... asked) {
  const Status bad = cli::CheckAnswer(answer, asked...);
  INFO(words << "\n" << bad);
  CHECK(absl::IsDataLoss(bad));
  const std::string text(bad.message());
  CHECK_THAT(text, Contains("the server's answer cannot be true: "));
  CHECK_THAT(text, Contains(words));
}

// A request, or an answer, that differs in what `change` says.
template <typename Message, typename Change>
Message With(Message message, const Change& change) {
  change(&message);
  return message;
}

// The same question as of a record, and of a day.
template <typename Request>
Request AsOf(Request asked, std::uint64_t record) {
  asked.set_as_of(record);
  return asked;
}
template <typename Request>
Request On(Request asked, const std::string& day) {
  asked.set_on(day);
  return asked;
}

}  // namespace fundtrail::testing
