using Hype.Grains.Abstractions.Errors;

namespace Hype.Grains.Abstractions.Channels;

/// <summary>
/// The result of a moderator's order. An accepted order is in effect at once, also while the storage is unavailable; only an order that is
/// not stored is lost if the silo fails before the storage is available again.
/// </summary>
/// <param name="Error">The reason for which the order was refused; <see cref="VoiceError.None"/> if it is in effect.</param>
/// <param name="IsStored">True if the order is stored; false if it will be stored with a later write.</param>
/// <param name="Sessions">The number of sessions that a revocation ended.</param>
[GenerateSerializer, Immutable, Alias("hype.ModerationResult")]
public sealed record ModerationResult(
    [property: Id(0)] VoiceError Error,
    [property: Id(1)] bool IsStored,
    [property: Id(2)] int Sessions = 0)
{
    public static readonly ModerationResult Stored = new(VoiceError.None, IsStored: true);

    public static readonly ModerationResult NotStored = new(VoiceError.None, IsStored: false);

    public static ModerationResult Refused(VoiceError error) => new(error, IsStored: false);
}
