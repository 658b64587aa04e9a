// See call_end.h.
#include "server/front/call_end.h"

#include <cstddef>
#include <string_view>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace fundtrail::server {
namespace {

// RFC 9113 §6, §7.
constexpr std::uint8_t kAnswerHeaders = 1, kResetCall = 3, kWindow = 8, kEndStream = 1, kEndHeaders = 4;
constexpr std::uint32_t kNoError = 0, kCancel = 8;
constexpr std::size_t kMaxMessage = 1'024;  // with the rest it fits into a frame

std::string Big(std::uint64_t value, int bytes) {
  std::string out;
  while (bytes-- > 0) out.push_back(static_cast<char>(value >> (8 * bytes)));
  return out;
}

std::string Frame(std::uint8_t type, std::uint8_t flags, std::uint32_t stream, std::string_view payload) {
  return Big(payload.size(), 3) + Big(type, 1) + Big(flags, 1) + Big(stream, 4) + std::string(payload);
}

// RFC 7541 §5.2, not compressed, with a length of 7 bits and more (§5.1).
void AppendText(std::string_view text, std::string* block) {
  std::size_t size = text.size();
  if (size < 127) {
    block->push_back(static_cast<char>(size));
  } else {
    block->push_back(127);
    for (size -= 127; size >= 128; size /= 128) block->push_back(static_cast<char>(size % 128 + 128));
    block->push_back(static_cast<char>(size));
  }
  block->append(text);
}

void AppendField(std::string_view name, std::string_view value, std::string* block) {
  block->push_back(0);
  AppendText(name, block);
  AppendText(value, block);
}

// As gRPC over HTTP/2 wants its messages: all but printable ASCII as %XX.
std::string Percent(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (absl::ascii_isprint(static_cast<unsigned char>(c)) && c != '%') {
      out.push_back(c);
    } else {
      absl::StrAppend(&out, "%", absl::Hex(static_cast<unsigned char>(c), absl::kZeroPad2));
    }
  }
  return out;
}

}  // namespace

std::string EndFrames(std::uint32_t stream, const CallEnd& end, bool begun) {
  std::string block;
  if (!begun) {
    block.push_back(static_cast<char>(0x88));  // :status 200, of the static table
    AppendField("content-type", "application/grpc", &block);
  }
  AppendField("grpc-status", absl::StrCat(end.code), &block);
  AppendField("grpc-message", Percent(end.message.substr(0, kMaxMessage)), &block);
  if (!end.details.empty()) {
    std::string base64 = absl::Base64Escape(end.details);
    base64.erase(base64.find_last_not_of('=') + 1);
    AppendField("grpc-status-details-bin", base64, &block);
  }
  return absl::StrCat(Frame(kAnswerHeaders, kEndStream | kEndHeaders, stream, block),
                      Frame(kResetCall, 0, stream, Big(kNoError, 4)));
}

std::string CancelFrame(std::uint32_t stream) { return Frame(kResetCall, 0, stream, Big(kCancel, 4)); }

std::string WindowFrame(std::uint32_t bytes) { return Frame(kWindow, 0, 0, Big(bytes, 4)); }

}  // namespace fundtrail::server
