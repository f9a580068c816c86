using Hype.Hosting.Options;
using Microsoft.Extensions.Options;

namespace Hype.Grains.Sessions;

/// <summary>The options of sessions; bound from <c>Hype:Participants</c>.</summary>
public sealed record ParticipantOptions
{
    public const string Section = "Hype:Participants";

    /// <summary>The highest number of P2P signals that wait for an away session. Default 256, range 1–10,000.</summary>
    public int MaxPendingSignals { get; init; } = 256;

    /// <summary>
    /// The highest number of characters of P2P signals that wait for an away session. One sender may fill a quarter of this and of <see
    /// cref="MaxPendingSignals"/>. Default 524,288, range 262,144–16,777,216.
    /// </summary>
    public int MaxPendingCharacters { get; init; } = 524_288;

    /// <summary>
    /// The interval at which the grains of a session and of its identity ask its channel whether the session has ended, because the
    /// notification of its end may be lost. Default 10 min, range 100 ms–1 d.
    /// </summary>
    public TimeSpan SessionCheck { get; init; } = TimeSpan.FromMinutes(10);
}

internal sealed class ParticipantOptionsValidator : IValidateOptions<ParticipantOptions>
{
    public ValidateOptionsResult Validate(string? name, ParticipantOptions options) => new OptionChecks(ParticipantOptions.Section)
        .Range(nameof(options.MaxPendingSignals), options.MaxPendingSignals, 1, 10_000)
        .Range(nameof(options.MaxPendingCharacters), options.MaxPendingCharacters, 262_144, 16_777_216)
        .Range(nameof(options.SessionCheck), options.SessionCheck, TimeSpan.FromMilliseconds(100), TimeSpan.FromDays(1))
        .Result();
}
