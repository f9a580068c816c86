namespace Hype.Grains.Abstractions.Calls;

/// <summary>The attempt of a grain call that is being executed. Orleans passes its age with the call.</summary>
public static class CallAttempt
{
    private const string AgeKey = "hype.attempt.age";
    private const string SuspendedKey = "hype.attempt.suspended";

    /// <summary>
    /// The time since the first attempt of the call, with the time for which it waited at the membership gate of its silo; zero in a first
    /// attempt that did not wait. A repeated attempt may arrive after calls that were made later, so it must not undo them.
    /// </summary>
    public static TimeSpan Age
    {
        get => RequestContext.Get(AgeKey) is TimeSpan age ? age : TimeSpan.Zero;
        set => RequestContext.Set(AgeKey, value);
    }

    /// <summary>
    /// The time beyond <see cref="Age"/> for which the call may have waited in a suspended machine: the step of the wall clock that the
    /// monotonic clock of the silo did not show. A corrected wall clock shows the same step, so it only counts where a value that is too
    /// large does no harm.
    /// </summary>
    public static TimeSpan Suspended
    {
        get => RequestContext.Get(SuspendedKey) is TimeSpan time ? time : TimeSpan.Zero;
        set
        {
            if (value == TimeSpan.Zero)
                RequestContext.Remove(SuspendedKey);
            else
                RequestContext.Set(SuspendedKey, value);
        }
    }
}
