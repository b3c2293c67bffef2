#pragma once
/// Plain values as bytes, for a TextStore: read back by the process that wrote them, and by nobody else.

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace refrain {

template <typename T>
  requires std::is_trivially_copyable_v<T>
void Pack(const T& value, std::string* bytes) {
  bytes->append(reinterpret_cast<const char*>(&value), sizeof(T));
}

template <typename T>
  requires std::is_trivially_copyable_v<T>
void Pack(const std::vector<T>& values, std::string* bytes) {
  Pack(static_cast<uint64_t>(values.size()), bytes);
  bytes->append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T));
}

/// Takes what Pack appended from the front of `bytes`.
template <typename T>
  requires std::is_trivially_copyable_v<T>
void Unpack(std::string_view* bytes, T* value) {
  std::memcpy(value, bytes->data(), sizeof(T));
  bytes->remove_prefix(sizeof(T));
}

template <typename T>
  requires std::is_trivially_copyable_v<T>
void Unpack(std::string_view* bytes, std::vector<T>* values) {
  uint64_t count = 0;
  Unpack(bytes, &count);
  values->resize(count);
  if (count > 0) std::memcpy(values->data(), bytes->data(), count * sizeof(T));
  bytes->remove_prefix(count * sizeof(T));
}

}  // namespace refrain
