using System.Reflection;
using Hype.Grains.Abstractions.Calls;
using Hype.Grains.Abstractions.Channels;

namespace Hype.Silo.Clustering;

/// <summary>
/// Holds back grain calls at the <see cref="MembershipGate"/>: before a call is executed, and before its answer is sent, because the silo
/// may have been paused in between. Orleans' own calls pass, among them the probes of other silos.
/// </summary>
internal sealed class MembershipFilter(MembershipGate gate, TimeProvider time) : IIncomingGrainCallFilter
{
    private static readonly Assembly[] Ours = [typeof(IChannelGrain).Assembly, typeof(Grains.Hosting.GrainHostingExtensions).Assembly];

    public async Task Invoke(IIncomingGrainCallContext context)
    {
        if (context.InterfaceMethod.DeclaringType is not { } called || !Ours.Contains(called.Assembly))
        {
            await context.Invoke();
            return;
        }

        if (!gate.IsOpen())
        {
            var arrivedAt = time.GetTimestamp();
            await PassAsync();
            // The call may have waited in a socket since the pause began.
            CallAttempt.Age += gate.LastPause + time.GetElapsedTime(arrivedAt);
            CallAttempt.Suspended = gate.LastSuspension;
        }

        await context.Invoke();
        await PassAsync();
    }

    private async ValueTask PassAsync()
    {
        if (!await gate.PassAsync())
            throw new SiloUnavailableException("This silo is no longer a member of the cluster.");
    }
}
