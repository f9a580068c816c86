namespace Hype.EndToEnd.Tests.Voice;

/// <summary>Who should hear whom.</summary>
internal static class Hearing
{
    /// <summary>Waits until everyone hears every speaker but himself, and nothing else.</summary>
    public static async Task AllHearEachOtherAsync(params IReadOnlyCollection<Participant> everyone)
    {
        foreach (var listener in everyone)
            await listener.HearsExactlyAsync(everyone.Where(other => other != listener && other.Tone is not null), everyone);
    }

    /// <summary>Waits until everyone plays <paramref name="mode"/>.</summary>
    public static async Task AllPlayAsync(string mode, params IReadOnlyCollection<Participant> everyone)
    {
        foreach (var participant in everyone)
            await participant.PlaysAsync(mode);
    }
}
