// See refusals.h.
#include "server/refusals.h"

#include <string_view>
#include <utility>

#include "absl/strings/match.h"
#include "ledger/net/preferences.h"
#include "ledger/pages/trouble.h"
#include "ledger/pages/words.h"
#include "server/http_answers.h"
#include "server/page_headers.h"

namespace fundtrail::server {
namespace {

// "zh" and "zh-Hans-CN", and not "zha".
bool IsOf(std::string_view tag, std::string_view language) {
  const std::string_view first = tag.substr(0, tag.find('-'));
  return absl::EqualsIgnoreCase({first.data(), first.size()}, {language.data(), language.size()});
}

// Of two that are wanted as much, the one that is named first.
pages::Language LanguageFor(const net::HttpRequest& request) {
  if (request.path.rfind("/zh/", 0) == 0) return pages::Language::kChinese;
  auto best = pages::Language::kEnglish;
  int most = 0;
  for (const auto& [tag, weight] : net::PreferencesIn(request, "accept-language")) {
    const bool chinese = IsOf(tag, "zh");
    if ((!chinese && !IsOf(tag, "en")) || weight <= most) continue;
    most = weight;
    best = chinese ? pages::Language::kChinese : pages::Language::kEnglish;
  }
  return best;
}

pages::Trouble TroubleIn(const net::HttpRefusal& refusal) {
  switch (refusal.status) {
    case 414:
      return pages::Trouble::kLongAddress;
    case 431:
      return pages::Trouble::kLongHead;
    case 503:
      return pages::Trouble::kBusy;
    default:
      return pages::Trouble::kNoRequest;
  }
}

}  // namespace

net::HttpResponse RefusalAnswer(const net::HttpRefusal& refusal) {
  const pages::Language language = LanguageFor(refusal.request);
  const pages::Trouble trouble = TroubleIn(refusal);
  net::HttpResponse told =
      TextAnswer(refusal.status,
                 language == pages::Language::kEnglish ? refusal.why : pages::TroubleText(trouble, language));
  return InWords(refusal.request, std::move(told), trouble, language);
}

}  // namespace fundtrail::server
