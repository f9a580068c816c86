namespace Hype.LoadTest.Display;

/// <summary>Displays the progress of a run.</summary>
internal interface IProgressDisplay : IDisposable
{
    /// <summary>
    /// Shows the figures <paramref name="now"/> and the rates since <paramref name="before"/>, one second earlier. Called once a
    /// second.
    /// </summary>
    void Show(Glance now, Glance before);
}
