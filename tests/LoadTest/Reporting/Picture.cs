namespace Hype.LoadTest.Reporting;

internal static class Picture
{
    public static string Draw(LoadReport report) => "<svg/>";
}
