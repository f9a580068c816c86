namespace Hype.Grains.Abstractions.Calls;

/// <summary>The attempt of a grain call that is being executed. Orleans passes its age with the call.</summary>
public static class CallAttempt
{
    private const string AgeKey = "hype.attempt.age";

    /// <summary>
    /// The time since the first attempt of the call, with the time for which it waited at the membership gate of its silo; zero in a first
    /// attempt that did not wait. A repeated attempt may arrive after calls that were made later, so it must not undo them.
    /// </summary>
    public static TimeSpan Age
    {
        get => RequestContext.Get(AgeKey) is TimeSpan age ? age : TimeSpan.Zero;
        set => RequestContext.Set(AgeKey, value);
    }
}
