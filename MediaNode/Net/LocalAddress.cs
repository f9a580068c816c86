namespace Hype.MediaNode.Net;

/// <summary>
/// The local address of a datagram, on a host with several: its number in <see cref="LocalAddresses"/>. 0: the kernel selects the address.
/// </summary>
internal readonly record struct LocalAddress(byte Number);
